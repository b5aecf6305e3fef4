import {
  IconBrandSlack,
  IconBrandWhatsapp,
  type Icon,
  IconDeviceMobileMessage,
  IconMail,
  IconMessage,
} from "@tabler/icons-react";

const PICTURES: Readonly<Record<string, Icon>> = {
  email: IconMail,
  whatsapp: IconBrandWhatsapp,
  sms: IconDeviceMobileMessage,
  slack: IconBrandSlack,
};

/** The sign of a message channel. */
export function ChannelIcon({ channel, size = 20 }: { channel: string; size?: number }) {
  const Picture = PICTURES[channel] ?? IconMessage;
  return <Picture size={size} stroke={1.7} aria-hidden />;
}
