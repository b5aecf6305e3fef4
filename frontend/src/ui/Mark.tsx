/** The sign of the product: a wheel with a bright hub. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="9" fill="#0d6b5e" />
      <g fill="none" stroke="#fff" strokeWidth="2.2" strokeLinecap="round">
        <circle cx="16" cy="16" r="8.5" />
        <path d="M16 7.5v17M7.5 16h17M10 10l12 12M22 10L10 22" strokeWidth="1.6" />
      </g>
      <circle cx="16" cy="16" r="2.6" fill="#f4b860" />
    </svg>
  );
}
