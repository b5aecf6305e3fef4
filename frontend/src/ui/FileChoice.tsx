import { Button, FileButton } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";

interface Props {
  accept: string;
  loading: boolean;
  onChoose: (file: File) => void;
  children: ReactNode;
}

/** Asks for a file. The same one can be chosen again, for instance after it has been mended:
 * browsers say nothing of a choice that is what was chosen before, so it is forgotten each time. */
export function FileChoice({ accept, loading, onChoose, children }: Props) {
  const forget = useRef<() => void>(null);
  const take = (file: File | null): void => {
    if (file === null) return;
    forget.current?.();
    onChoose(file);
  };
  return (
    <FileButton accept={accept} resetRef={forget} onChange={take}>
      {(button) => (
        <Button
          {...button}
          variant="light"
          loading={loading}
          leftSection={<IconUpload size={18} aria-hidden />}
        >
          {children}
        </Button>
      )}
    </FileButton>
  );
}
