import type { Person, State } from './state.ts'
import { words } from './words/index.ts'

interface Author {
  role: string
  pid?: string | undefined
  dialogId?: string | undefined
}

/** Who has written, as far as the page knows. */
export function personOf(
  { people, conversation, shown }: Pick<State, 'people' | 'conversation' | 'shown'>,
  { role, pid, dialogId }: Author,
): Person {
  const known = pid === undefined ? undefined : people[pid]
  if (known) return known
  const dialogs = [...shown, ...(conversation ? [conversation] : [])].flatMap((one) => one.dialogs)
  const dialog = dialogs.find((one) => one.dialogId === dialogId)
  const isSurvey = dialog?.dialogType === 'POST_SURVEY' && role === 'AGENT'
  if (isSurvey) return { name: words.survey, isBot: true }
  const isAutomatic = role === 'CONTROLLER'
  return { name: words.roles[role] ?? words.roles['AGENT'] ?? '', isBot: isAutomatic }
}

export function nameOf(state: State, author: Author): string {
  return personOf(state, author).name
}
