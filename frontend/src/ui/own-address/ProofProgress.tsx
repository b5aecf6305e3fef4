import "@/i18n/later/proofs";

import { Alert, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { proofQuery } from "@/api/proofs";
import type { Proof } from "@/api/types";
import { ErrorNotice } from "@/ui/ErrorNotice";

interface Props {
  proof: Proof;
  /** What is said once it has left for an address. */
  sent: (to: string) => string;
}

/** How far a message to oneself has come. */
export function ProofProgress({ proof, sent }: Props) {
  const { t } = useTranslation("proofs");
  const { data = proof, error } = useQuery(proofQuery(proof));
  if (error) return <ErrorNotice error={error} />;
  if (data.status === "refused" || data.status === "unknown") {
    return (
      <Alert color="red" role="alert" title={t(data.status)}>
        {data.error}
      </Alert>
    );
  }
  return (
    <Text size="sm" role="status">
      {data.status === "sent" ? sent(data.to ?? "") : t("onItsWay")} {data.error}
    </Text>
  );
}
