import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useContext, useState } from "react";

import { type ChoiceList, choicesQuery } from "@/api/choices";
import { useForm } from "@/ui/schema-form/form";
import { asText } from "@/ui/schema-form/widgets/TextField";

import { StepType } from "./stepType";

const TYPING_MS = 250;
const NONE: ChoiceList = { items: [], problem: null };

interface Choices {
  readonly found: ChoiceList;
  readonly isAsking: boolean;
  readonly search: string;
  readonly setSearch: (search: string) => void;
}

/** What the app of this step's connection offers under `name`, narrowed while somebody types. */
export function useChoices(name: string): Choices {
  const nodeType = useContext(StepType);
  const connection = asText(useForm().value.connection) || null;
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search, TYPING_MS);
  const { data = NONE, isFetching } = useQuery(
    choicesQuery({ name, nodeType, connection, search: asked }),
  );
  return { found: data, isAsking: isFetching, search, setSearch };
}
