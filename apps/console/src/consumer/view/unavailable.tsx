import { useState } from 'preact/hooks'
import { words } from '../words/index.ts'
import { Launcher } from './launcher.tsx'
import { Shell } from './shell.tsx'

export interface UnavailableProps {
  reason: string
  isPage: boolean
}

/** In place of the window where the tag names an account or a skill that does not exist. */
export function Unavailable({ reason, isPage }: UnavailableProps) {
  const [isOpen, setOpen] = useState(false)
  const shell = (
    <Shell title={words.title} onClose={isPage ? undefined : () => setOpen(false)}>
      <div class="unavailable" role="alert">
        <strong>{words.unavailable}</strong>
        <p>{reason}</p>
        <p>{words.tellOwner}</p>
      </div>
    </Shell>
  )
  if (isPage) return shell
  return (
    <Launcher
      isOpen={isOpen}
      unread={0}
      position="end"
      onOpen={() => setOpen(true)}
      onClose={() => setOpen(false)}
    >
      {shell}
    </Launcher>
  )
}
