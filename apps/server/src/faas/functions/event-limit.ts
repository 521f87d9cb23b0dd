import { findEvent } from '@parley/contract/events'
import { ParleyError } from '#base/kernel'

interface Claim {
  name: string
  /** Empty means all skills. */
  skills: readonly string[]
}

/**
 * Whether one more function may be live for an event beside those that are.
 * Limit 1 with skills means one function per skill, and one without skills that serves the rest.
 */
export function checkEventLimit(eventId: string, live: readonly Claim[], candidate: Claim): void {
  const event = findEvent(eventId)
  if (!event) return
  if (event.limit > 1 || !event.supportsSkills) {
    if (live.length < event.limit) return
    throw new ParleyError(
      'function_limit_reached',
      `Event "${event.name}" allows ${event.limit} deployed functions, and ${live.length} are deployed: undeploy one of them first`,
    )
  }
  for (const other of live) {
    if (candidate.skills.length === 0 && other.skills.length === 0) {
      throw new ParleyError(
        'function_limit_reached',
        `Event "${event.name}" allows one deployed function without skills, and "${other.name}" is deployed: undeploy it first, or give one of them skills`,
      )
    }
    const shared = candidate.skills.filter((skill) => other.skills.includes(skill))
    if (shared.length > 0) {
      throw new ParleyError(
        'function_skills_overlap',
        `skills: ${shared.join(', ')} of event "${event.name}" belong to the deployed function "${other.name}"`,
        { details: [{ path: 'body.skills', message: `${shared.join(', ')} are taken` }] },
      )
    }
  }
}
