import { BOT_ERRORS, botErrorName } from '@parley/contract'
import { botWords } from './words.ts'

const KNOWN = new Map(BOT_ERRORS.map((suffix) => [botErrorName(suffix), suffix]))

/** An error of a bot by its published name, what that means, and what was wrong this time. */
export function ErrorName({ name, reason }: { name: string; reason?: string | undefined }) {
  const suffix = KNOWN.get(name)
  return (
    <span className="bot-error">
      <code title={name}>{suffix ?? name}</code>
      {suffix !== undefined && <span>{botWords.errorNames[suffix]}</span>}
      {reason !== undefined && <span className="reason">{reason}</span>}
    </span>
  )
}
