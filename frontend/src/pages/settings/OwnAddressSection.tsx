import "@/i18n/later/proofs";

import { Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { forgetAddress, ownAddressesQuery } from "@/api/proofs";
import type { OwnAddress } from "@/api/types";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { Asked } from "@/ui/Asked";
import { useNotify } from "@/ui/notify";
import { OwnAddressForm } from "@/ui/own-address/OwnAddressForm";
import { Sign } from "@/ui/Sign";

/** The addresses that messages to oneself may go to. */
export function OwnAddressSection() {
  const query = useQuery(ownAddressesQuery);
  return (
    <Stack gap="xl">
      <Asked query={query} outline={<Skeleton height={120} />}>
        {(addresses) =>
          addresses.map((address) => <OneAddress key={address.kind} address={address} />)
        }
      </Asked>
    </Stack>
  );
}

function OneAddress({ address }: { address: OwnAddress }) {
  const { t } = useTranslation("proofs");
  return (
    <Stack gap="xs" component="section" aria-label={t(`kind.${address.kind}`)}>
      <Group gap="sm">
        <Text fw={600}>{t(`kind.${address.kind}`)}</Text>
        <Text>{address.address ?? t("none")}</Text>
        {address.address !== null && (
          <Sign
            tone={address.verified ? "good" : "quiet"}
            icon={address.verified ? IconCircleCheck : IconCircleDashed}
          >
            {t(address.verified ? "verified" : "unverified")}
          </Sign>
        )}
        {address.verified && <Forget kind={address.kind} />}
      </Group>
      {!address.verified && <OwnAddressForm address={address} />}
    </Stack>
  );
}

function Forget({ kind }: Pick<OwnAddress, "kind">) {
  const { t } = useTranslation("proofs");
  const client = useQueryClient();
  const { failed } = useNotify();
  const forget = useMutation({
    mutationFn: () => forgetAddress(kind),
    onSettled: () => client.invalidateQueries({ queryKey: ownAddressesQuery.queryKey }),
    onError: failed,
  });
  return (
    <ConfirmButton
      variant="subtle"
      color="red"
      size="compact-sm"
      question={t("forgetQuestion")}
      consequence={t("forgetText")}
      confirm={t("forget")}
      onConfirm={() => forget.mutate()}
    >
      {t("forget")}
    </ConfirmButton>
  );
}
