import { readFileSync } from 'node:fs'
import PostalMime from 'postal-mime'
import type { CaughtMail } from '../local-world/world-messages.ts'
import type { StepArguments } from './schema.ts'

/** Whether a mail of the world is the one that a step expects. */
export async function isMail(
  { to, subject, file }: CaughtMail,
  wanted: StepArguments['expect mail'],
): Promise<boolean> {
  if (wanted.to !== undefined && !to.includes(wanted.to)) return false
  if (wanted.subject !== undefined && subject !== wanted.subject) return false
  if (wanted.contains === undefined) return true
  const { text = '', html = '' } = await PostalMime.parse(readFileSync(file))
  return `${text}\n${html}`.includes(wanted.contains)
}
