import { Menu, UnstyledButton } from "@mantine/core";
import { IconDots, IconSearch } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import classes from "./BottomBar.module.css";
import { openPalette } from "./palette/offers";
import { PLACES } from "./places";
import { WaitingBadge } from "./WaitingBadge";

/** As many names as a phone can show in whole. */
const ON_THE_BAR = 4;
const TABS = PLACES.slice(0, ON_THE_BAR);
const MORE = PLACES.slice(ON_THE_BAR);

export function BottomBar() {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("nav.label")} className={classes.bottom}>
      {TABS.map(({ to, key, icon: Picture }) => (
        <Link key={to} to={to} className={classes.tab}>
          <Picture size={22} stroke={1.7} aria-hidden />
          <span>{t(key)}</span>
          {to === "/approvals" && <WaitingBadge />}
        </Link>
      ))}
      <MoreTab />
    </nav>
  );
}

function MoreTab() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isHere = MORE.some(({ to }) => pathname.startsWith(to));
  return (
    <Menu position="top-end" width={220} offset={8}>
      <Menu.Target>
        <UnstyledButton className={classes.tab} data-status={isHere ? "active" : undefined}>
          <IconDots size={22} stroke={1.7} aria-hidden />
          <span>{t("nav.more")}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {MORE.map(({ to, key, icon: Picture }) => (
          <Menu.Item
            key={to}
            component={Link}
            to={to}
            className={classes.further}
            leftSection={<Picture size={20} stroke={1.7} aria-hidden />}
          >
            {t(key)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          className={classes.further}
          leftSection={<IconSearch size={20} stroke={1.7} aria-hidden />}
          onClick={openPalette}
        >
          {t("find")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
