export function LoginLinkPage() {
  return null;
}
