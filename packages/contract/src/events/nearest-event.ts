import { nearestName } from '../nearest-name.ts'
import type { EventDefinition } from './event.ts'

/** The event that was probably meant by what is no id: by its name, or by what looks like its name or its id. */
export function nearestEvent(
  given: string,
  events: readonly EventDefinition[],
): EventDefinition | undefined {
  // A guide explains a name in brackets: `Messaging TTR (Time to Respond)`.
  const [name = given] = given.split(' (', 1)
  const nearest = nearestName(
    name,
    events.flatMap((event) => [event.id, event.name]),
  )
  return events.find((event) => event.id === nearest || event.name === nearest)
}
