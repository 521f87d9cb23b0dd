import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { words } from './words.ts'

export interface LauncherProps {
  /** What opens above the page around. */
  children: (close: () => void) => ComponentChildren
}

/** A button in the corner of the embedding page that opens the window above it. */
export function Launcher({ children }: LauncherProps) {
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <div class="corner" onKeyDown={({ key }) => key === 'Escape' && close()}>
      {isOpen ? (
        children(close)
      ) : (
        <button type="button" class="primary launcher" onClick={() => setOpen(true)}>
          {words.open}
        </button>
      )}
    </div>
  )
}
