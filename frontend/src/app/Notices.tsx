import { Notifications } from "@mantine/notifications";

/** The corner in which short messages appear. */
export const Notices = () => <Notifications position="bottom-right" />;
