import "react";

declare module "react" {
  interface CSSProperties {
    /** Our own measures, handed from a component to its style sheet. */
    [property: `--${string}`]: string | number | undefined;
  }
}
