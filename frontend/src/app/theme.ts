import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const evergreen: MantineColorsTuple = [
  "#e9f7f4",
  "#d3ece7",
  "#a5d9cf",
  "#73c4b6",
  "#4bb3a1",
  "#2fa490",
  "#148272",
  "#0d6b5e",
  "#0a594e",
  "#04443b",
];

/** Mantine's greys are cold; ours lean to the green of the brand, in light and in dark. */
const gray: MantineColorsTuple = [
  "#f6f6f2",
  "#efefe9",
  "#e6e6df",
  "#dcdcd3",
  "#c9cac0",
  "#a3a69c",
  "#757b74",
  "#59615b",
  "#3c443f",
  "#232927",
];

const dark: MantineColorsTuple = [
  "#e8edeb",
  "#c9d1ce",
  "#a0ada9",
  "#6b7774",
  "#414d4a",
  "#2b3432",
  "#202826",
  "#191f1e",
  "#131817",
  "#0d1110",
];

/** Mantine's own red is too pale for text on white. */
const red: MantineColorsTuple = [
  "#fdecea",
  "#fad5d0",
  "#f6b0a7",
  "#f28d81",
  "#e85d4e",
  "#cf3827",
  "#b42318",
  "#a01d13",
  "#86170f",
  "#6b100a",
];

export const theme = createTheme({
  primaryColor: "evergreen",
  primaryShade: { light: 7, dark: 6 },
  colors: { evergreen, gray, dark, red },
  fontFamily:
    'Inter, "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.6rem", lineHeight: "1.25" },
      h2: { fontSize: "1.2rem", lineHeight: "1.3" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "9px", lg: "12px", xl: "18px" },
  cursorType: "pointer",
  focusRing: "auto",
  // Plain objects: naming the components themselves would load them all with the first screen.
  components: {
    Button: { styles: { label: { fontWeight: 600 } } },
    Badge: { defaultProps: { radius: "sm", tt: "none", fw: 600 } },
    Paper: { defaultProps: { radius: "lg" } },
    // The placeholder is a focusable nothing inside role="menu", which screen readers trip over.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: "md" } },
    Modal: {
      defaultProps: { radius: "lg", centered: true, overlayProps: { backgroundOpacity: 0.4 } },
      styles: { title: { fontWeight: 650, fontSize: "1.15rem", lineHeight: 1.3 } },
    },
    Drawer: { styles: { title: { fontWeight: 650, fontSize: "1.15rem" } } },
    Tooltip: {
      defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } },
    },
  },
});

/** Mantine reads its grounds and greys from our tokens; its own dimmed and yellow texts are too pale. */
export const variables: CSSVariablesResolver = () => {
  const ours = {
    "--mantine-color-body": "var(--cw-surface)",
    "--mantine-color-text": "var(--cw-text)",
    "--mantine-color-dimmed": "var(--cw-text-muted)",
    "--mantine-color-placeholder": "var(--cw-text-muted)",
    "--mantine-color-default": "var(--cw-surface)",
    "--mantine-color-default-hover": "var(--cw-surface-sunken)",
    "--mantine-color-default-color": "var(--cw-text)",
    "--mantine-color-default-border": "var(--cw-line-strong)",
    "--mantine-color-error": "var(--cw-bad)",
    "--mantine-color-anchor": "var(--cw-brand-text)",
    "--mantine-color-yellow-light": "var(--cw-warning-soft)",
    "--mantine-color-yellow-light-color": "var(--cw-warning)",
  };
  return { variables: {}, light: ours, dark: ours };
};
