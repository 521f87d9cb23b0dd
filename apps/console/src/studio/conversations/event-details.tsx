import { JsonView } from '../ui/json-view.tsx'
import { conversationWords } from '../words/conversations.ts'
import type { EventLine } from './timeline.ts'

export function EventDetails({ line: { entry } }: { line: EventLine }) {
  return <JsonView label={conversationWords.raw} value={entry} />
}
