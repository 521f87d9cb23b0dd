import { useState } from 'preact/hooks'
import { Window, type WindowProps } from './window.tsx'
import { words } from './words.ts'

/** A button in the corner of somebody's page that opens the window above it. */
export function Launcher(props: Omit<WindowProps, 'onClose'>) {
  const [isOpen, setOpen] = useState(false)
  return (
    <div class="corner" onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}>
      {isOpen ? (
        <Window {...props} onClose={() => setOpen(false)} />
      ) : (
        <button type="button" class="primary launcher" onClick={() => setOpen(true)}>
          {words.open}
        </button>
      )}
    </div>
  )
}
