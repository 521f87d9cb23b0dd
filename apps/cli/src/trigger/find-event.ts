import { nearestName } from '@parley/contract'
import { type EventDefinition, EVENTS, findEvent } from '@parley/contract/events'

/**
 * The event of an id or a name, such as `controllerbot_messaging_ttr` or `Messaging Time To Respond`.
 * @throws an `Error` with the nearest right id
 */
export function eventOf(given: string): EventDefinition {
  const found = findEvent(given) ?? EVENTS.find(({ name }) => name === given)
  if (found) return found
  const nearest = nearestName(given, [
    ...EVENTS.map(({ id }) => id),
    ...EVENTS.map(({ name }) => name),
  ])
  const hint = nearest ? `did you mean ${nearest}?` : 'parley trigger lists them'
  throw new Error(`There is no event "${given}"; ${hint}`)
}
