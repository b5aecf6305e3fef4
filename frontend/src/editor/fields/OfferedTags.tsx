import "@/i18n/later/editor";

import { Loader, TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { FieldProps } from "@/ui/schema-form/form";
import { frameOf } from "@/ui/schema-form/widgets/frame";
import { TagsField } from "@/ui/schema-form/widgets/TagsField";

import { useChoices } from "./useChoices";

/** Tags; those that the shop knows are proposed, and others can be written. */
export function OfferedTags(props: FieldProps) {
  const name = props.schema["x-choices"];
  return name === undefined ? <TagsField {...props} /> : <Offering {...props} from={name} />;
}

function Offering({ from, ...props }: FieldProps & { from: string }) {
  const { t } = useTranslation(["editor", "form"]);
  const { schema, value, onChange, onBlur, description } = props;
  const { found, isAsking, search, setSearch } = useChoices(from);
  const texts = Array.isArray(value) ? value.map(String) : [];
  return (
    <TagsInput
      {...frameOf(props)}
      description={found.problem ? t("choices.unasked", { problem: found.problem }) : description}
      placeholder={texts.length === 0 ? t("form:tags.placeholder") : undefined}
      data={found.items}
      // The server has narrowed them already; only what is chosen leaves the list.
      filter={({ options }) => options}
      searchValue={search}
      onSearchChange={setSearch}
      rightSection={isAsking ? <Loader size={16} /> : undefined}
      maxTags={schema.maxItems}
      acceptValueOnBlur
      value={texts}
      onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      onBlur={onBlur}
    />
  );
}
