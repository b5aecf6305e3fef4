import { ChatPreview } from "./ChatPreview";
import { MailPreview } from "./MailPreview";
import { SlackPreview } from "./SlackPreview";

/** A message as far as its reader sees it. */
export interface ShownMessage {
  id: string;
  to: string;
  subject: string | null;
  text: string;
  html?: string | null;
  created_at: string;
}

export interface PreviewProps {
  /** One conversation, oldest first. */
  messages: readonly ShownMessage[];
  /** The message that is looked at. */
  current: string;
}

/** Messages as the phone, the mailbox or the team chat of their reader would show them. */
export function MessagePreview({ channel, ...props }: PreviewProps & { channel: string }) {
  if (channel === "email") return <MailPreview {...props} />;
  if (channel === "slack") return <SlackPreview {...props} />;
  return <ChatPreview {...props} look={channel === "whatsapp" ? "whatsapp" : "sms"} />;
}
