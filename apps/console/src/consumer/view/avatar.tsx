import { useState } from 'preact/hooks'
import type { Person } from '../state.ts'
import { Icon } from './icons.tsx'

/** A person's picture, or else the first letters of the name; a bot's sign for bots. */
export function Avatar({ person: { name, isBot, pictureUrl } }: { person: Person }) {
  const [isBroken, setBroken] = useState(false)
  const hasPicture = pictureUrl !== undefined && !isBroken
  return (
    <span class="avatar" aria-hidden="true">
      {hasPicture ? (
        <img src={pictureUrl} alt="" onError={() => setBroken(true)} />
      ) : isBot ? (
        <Icon name="bot" />
      ) : (
        initials(name)
      )}
    </span>
  )
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .flatMap((word) => (word ? [String.fromCodePoint(word.codePointAt(0) ?? 0)] : []))
    .join('')
    .toUpperCase()
}
