import "@/i18n/later/editor";

import { ActionIcon, Button, Group, Select, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";

import { without } from "@/graph/values";
import type { FieldProblem } from "@/ui/schema-form/form";

import { RuleEditor } from "./RuleEditor";
import { EMPTY_RULES, isGroup, type Rule, type RuleGroup } from "./rules";
import classes from "./Rules.module.css";

interface Props {
  group: RuleGroup;
  /** The place of the group in the config, for the problems that belong to it. */
  pointer: string;
  problems: readonly FieldProblem[];
  disabled: boolean;
  onChange: (group: RuleGroup) => void;
  onRemove?: () => void;
}

const NEW_RULE: Rule = { field: "", operator: "=", value: "" };

/** A group of conditions: how they count together, the conditions, and buttons for more. */
export function RuleGroupEditor({ group, onRemove, ...rest }: Props) {
  const { t } = useTranslation("editor");
  const { onChange, disabled } = rest;
  const set = (rules: RuleGroup["rules"]): void => onChange({ ...group, rules });
  return (
    <div className={classes.group} data-inner={onRemove !== undefined || undefined}>
      {(group.rules.length > 1 || group.not === true || onRemove) && (
        <GroupHead group={group} disabled={disabled} onChange={onChange} onRemove={onRemove} />
      )}
      {group.rules.map((member, index) => (
        <Fragment key={index}>
          {index > 0 && (
            <div className={classes.joint}>{t(`rules.joined.${group.combinator}`)}</div>
          )}
          <Member
            {...rest}
            member={member}
            pointer={`${rest.pointer}/rules/${index}`}
            onChange={(next) => set(group.rules.with(index, next))}
            onRemove={() => set(group.rules.toSpliced(index, 1))}
          />
        </Fragment>
      ))}
      {!disabled && (
        <AddButtons
          isEmpty={group.rules.length === 0}
          onRule={() => set([...group.rules, NEW_RULE])}
          onGroup={() =>
            set([...group.rules, { ...EMPTY_RULES, combinator: "or", rules: [NEW_RULE] }])
          }
        />
      )}
    </div>
  );
}

interface MemberProps extends Omit<Props, "group" | "onChange" | "onRemove"> {
  member: Rule | RuleGroup;
  onChange: (member: Rule | RuleGroup) => void;
  onRemove: () => void;
}

function Member({ member, ...rest }: MemberProps) {
  return isGroup(member) ? (
    <RuleGroupEditor {...rest} group={member} />
  ) : (
    <RuleEditor {...rest} rule={member} />
  );
}

const TOGETHER = ["and", "or", "not-or", "not-and"] as const;
type Together = (typeof TOGETHER)[number];

function GroupHead({
  group,
  disabled,
  onChange,
  onRemove,
}: Pick<Props, "group" | "disabled" | "onChange"> & { onRemove: (() => void) | undefined }) {
  const { t } = useTranslation("editor");
  const together: Together = group.not ? `not-${group.combinator}` : group.combinator;
  const choose = (chosen: Together): void => {
    const combinator = chosen.endsWith("or") ? "or" : "and";
    onChange({
      ...without(group, "not"),
      combinator,
      ...(chosen.startsWith("not") ? { not: true } : {}),
    });
  };
  return (
    <Group gap="xs" wrap="nowrap" mb={8}>
      <Select
        flex={1}
        size="sm"
        aria-label={t("ruleForm.together")}
        disabled={disabled}
        allowDeselect={false}
        data={TOGETHER.map((value) => ({ value, label: t(`ruleForm.group.${value}`) }))}
        value={together}
        onChange={(chosen) => chosen && choose(chosen)}
      />
      {onRemove && !disabled && (
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={onRemove}
          aria-label={t("ruleForm.removeGroup")}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}

interface AddProps {
  isEmpty: boolean;
  onRule: () => void;
  onGroup: () => void;
}

function AddButtons({ isEmpty, onRule, onGroup }: AddProps) {
  const { t } = useTranslation("editor");
  const plus = <IconPlus size={14} aria-hidden />;
  return (
    <>
      {isEmpty && (
        <Text size="sm" c="dimmed" mb={8}>
          {t("ruleForm.empty")}
        </Text>
      )}
      <Group gap="xs" mt={isEmpty ? 0 : 10}>
        <Button size="compact-sm" variant="light" leftSection={plus} onClick={onRule}>
          {t("ruleForm.add")}
        </Button>
        {!isEmpty && (
          <Button size="compact-sm" variant="subtle" leftSection={plus} onClick={onGroup}>
            {t("ruleForm.addGroup")}
          </Button>
        )}
      </Group>
    </>
  );
}
