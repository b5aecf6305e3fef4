import { Notifications } from "@mantine/notifications";

/** Above the bar at the bottom, where a phone has one: people go on by it. */
const ABOVE_BAR = { marginBottom: "var(--app-shell-footer-offset, 0px)" };

/** The corner in which short messages appear. */
export const Notices = () => <Notifications position="bottom-right" style={ABOVE_BAR} />;
