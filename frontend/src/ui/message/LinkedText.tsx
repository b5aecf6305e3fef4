import { Fragment } from "react";

import classes from "./ChatPreview.module.css";

const ADDRESS = /(https?:\/\/[^\s<>"]+)/;

/** A text with its web addresses marked as a phone does; they lead nowhere, this is a picture. */
export function LinkedText({ text }: { text: string }) {
  return (
    <span className={classes.text}>
      {text.split(ADDRESS).map((part, index) => (
        <Fragment key={index}>
          {index % 2 === 1 ? <span className={classes.link}>{part}</span> : part}
        </Fragment>
      ))}
    </span>
  );
}
