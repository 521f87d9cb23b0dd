import { linkify } from '../linkify.ts'

/** Words of a person: what can be followed is a link. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {linkify(text).map((part) =>
        typeof part === 'string' ? (
          part
        ) : (
          <a href={part.href} target="_blank" rel="noopener noreferrer">
            {part.text}
          </a>
        ),
      )}
    </>
  )
}
