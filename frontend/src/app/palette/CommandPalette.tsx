import { Modal, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import classes from "./CommandPalette.module.css";
import { closePalette, type Offer } from "./offers";
import { type FoundGroup, useFound } from "./useFound";

/** One field that finds workflows, steps, runs by order number, connections and pages. */
export function CommandPalette() {
  const { t } = useTranslation("command");
  return (
    <Modal.Root opened onClose={closePalette} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label={t("title")}>
        <Search />
      </Modal.Content>
    </Modal.Root>
  );
}

function Search() {
  const { t } = useTranslation("command");
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState(0);
  const list = useId();
  const { groups, isAwaited } = useFound(typed);
  const all = groups.flatMap(({ offers }) => offers);
  const present = Math.min(place, Math.max(all.length - 1, 0));
  const move = (by: number) => setPlace((present + by + all.length) % Math.max(all.length, 1));
  const enter = useEnter(isAwaited, () => choose(all[present]));
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: enter.press,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keys[event.key];
    if (!act || event.nativeEvent.isComposing) return;
    event.preventDefault();
    act();
  };
  return (
    <>
      <TextInput
        data-autofocus
        size="lg"
        variant="unstyled"
        className={classes.field ?? ""}
        leftSection={<IconSearch size={20} aria-hidden />}
        aria-label={t("title")}
        placeholder={t("placeholder")}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={all[present] ? `${list}-${present}` : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setPlace(0);
          enter.forget();
        }}
        onKeyDown={onKeyDown}
      />
      <VisuallyHidden role="status">{t("found", { count: all.length })}</VisuallyHidden>
      <Results id={list} groups={groups} present={all[present]} all={all} />
    </>
  );
}

/** Whoever types quickly has pressed Enter before the list fits the words: that waits for it. */
function useEnter(isAwaited: boolean, choosePresent: () => void) {
  const [isPressed, setPressed] = useState(false);
  const choice = useEffectEvent(choosePresent);
  useEffect(() => {
    if (isPressed && !isAwaited) choice();
  }, [isPressed, isAwaited]);
  return { press: () => setPressed(true), forget: () => setPressed(false) };
}

interface ResultsProps {
  id: string;
  groups: readonly FoundGroup[];
  all: readonly Offer[];
  present: Offer | undefined;
}

function Results({ id, groups, all, present }: ResultsProps) {
  const { t } = useTranslation("command");
  return (
    <div className={classes.list} id={id} role="listbox" aria-label={t("title")}>
      {all.length === 0 && (
        <Text p="md" c="dimmed" size="sm" role="presentation">
          {t("nothing")}
        </Text>
      )}
      {groups.map(({ title, offers }) => (
        <div key={title} role="group" aria-label={title}>
          <div className={classes.title} aria-hidden>
            {title}
          </div>
          {offers.map((offer) => {
            const index = all.indexOf(offer);
            return (
              <Row
                key={offer.id}
                id={`${id}-${index}`}
                offer={offer}
                isPresent={offer === present}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

interface RowProps {
  id: string;
  offer: Offer;
  isPresent: boolean;
}

/** The keys belong to the field, which names the present row; the pointer has the row itself. */
function Row({ id, offer, isPresent }: RowProps) {
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isPresent}
      className={classes.row}
      ref={(row) => {
        if (isPresent) row?.scrollIntoView({ block: "nearest" });
      }}
      onClick={() => choose(offer)}
    >
      <span>{offer.label}</span>
      {offer.hint && <span className={classes.hint}>{offer.hint}</span>}
    </div>
  );
}

function choose(offer: Offer | undefined): void {
  if (!offer) return;
  closePalette();
  offer.act();
}
