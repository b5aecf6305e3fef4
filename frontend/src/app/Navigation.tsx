import { Tooltip, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { Mark } from "@/ui/Mark";

import classes from "./Navigation.module.css";
import { LanguageSwitch } from "./LanguageSwitch";
import { openPalette } from "./palette/offers";
import { type Place, PLACES } from "./places";
import { SchemeSwitch } from "./SchemeSwitch";
import { WaitingBadge } from "./WaitingBadge";

interface SideBarProps {
  /** Only icons, their names in tooltips. */
  small: boolean;
}

export function SideBar({ small }: SideBarProps) {
  const { t } = useTranslation();
  const { workspace } = useSession();
  return (
    <div className={classes.side} data-small={small || undefined}>
      <Link to="/workflows" className={classes.brand} title={workspace.name}>
        <Mark size={32} />
        {small ? <VisuallyHidden>{workspace.name}</VisuallyHidden> : <span>{workspace.name}</span>}
      </Link>
      <SearchButton small={small} />
      <nav aria-label={t("nav.label")} className={classes.places}>
        {PLACES.map((place) => (
          <SideLink key={place.to} place={place} small={small} />
        ))}
      </nav>
      <div className={classes.switches} data-small={small || undefined}>
        <SchemeSwitch small={small} />
        <LanguageSwitch />
      </div>
    </div>
  );
}

/** Opens the palette; says its key, so that the next time no pointer is needed. */
function SearchButton({ small }: SideBarProps) {
  const { t } = useTranslation();
  return (
    <Tooltip label={t("find")} position="right" disabled={!small}>
      <UnstyledButton
        className={classes.find}
        {...(small ? { "aria-label": t("find") } : {})}
        onClick={openPalette}
      >
        <IconSearch size={18} stroke={1.7} aria-hidden />
        {!small && (
          <>
            <span>{t("find")}</span>
            <kbd>{t("findKey")}</kbd>
          </>
        )}
      </UnstyledButton>
    </Tooltip>
  );
}

function SideLink({ place, small }: { place: Place; small: boolean }) {
  const { t } = useTranslation();
  const Picture = place.icon;
  const name = t(place.key);
  return (
    <Tooltip label={name} position="right" disabled={!small}>
      <UnstyledButton component={Link} to={place.to} className={classes.place}>
        <Picture size={20} stroke={1.7} aria-hidden />
        {small ? <VisuallyHidden>{name}</VisuallyHidden> : <span>{name}</span>}
        {place.to === "/approvals" && <WaitingBadge />}
      </UnstyledButton>
    </Tooltip>
  );
}
