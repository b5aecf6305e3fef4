import { Input, Radio, SimpleGrid, Text } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ChannelIcon } from "@/ui/ChannelIcon";

import classes from "./ChannelCards.module.css";

const CHANNELS = ["email", "whatsapp", "sms", "slack", "none"] as const;
export type Channel = (typeof CHANNELS)[number];

interface Props {
  value: Channel;
  onChange: (channel: Channel) => void;
}

/** By which channel the workflow speaks; it decides which message step is offered first. */
export function ChannelCards({ value, onChange }: Props) {
  const { t } = useTranslation("workflows");
  return (
    <Radio.Group
      value={value}
      onChange={(chosen) => onChange(chosen)}
      aria-label={t("create.channel")}
    >
      <Input.Label component="div">{t("create.channel")}</Input.Label>
      <Text size="sm" c="dimmed" mb="sm">
        {t("create.channelText")}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="sm">
        {CHANNELS.map((channel) => (
          <Radio.Card key={channel} value={channel} className={classes.card} radius="lg">
            <span className={classes.sign} data-channel={channel}>
              {channel === "none" ? (
                <IconDots size={24} />
              ) : (
                <ChannelIcon channel={channel} size={24} />
              )}
            </span>
            <span className={classes.name}>{t(`channel.${channel}`)}</span>
            <span className={classes.text}>{t(`channel.${channel}Text`)}</span>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
