import { findEvent, NO_EVENT } from '../../packages/contract/src/events/index.ts'
import type { Lambdas } from '../../apps/server/testing/index.ts'

interface Deployed {
  functionId: string
  /** Its log entries, oldest first. */
  logs(): Promise<{ level: string; message: string; extras: unknown[] }[]>
}

export function sourceOf(eventId: string | undefined, name: string): string {
  const { templates } = eventId === undefined ? NO_EVENT : (findEvent(eventId) ?? NO_EVENT)
  const template = templates.find((candidate) => candidate.name === name)
  if (!template) throw new Error(`There is no template ${name}`)
  return template.code
}

/** A function as the editor makes it of a template: source and event, nothing changed. */
export async function deployTemplate(
  account: Lambdas,
  eventId: string | undefined,
  name: string,
  environment: Record<string, string> = {},
): Promise<Deployed> {
  const code = sourceOf(eventId, name)
  const environmentVariables = Object.entries(environment).map(([key, value]) => ({ key, value }))
  const functionId = await account.deployed(code, {
    ...(eventId !== undefined && { eventId }),
    implementation: { environmentVariables },
  })
  return {
    functionId,
    async logs() {
      const reply = await account.native('GET', `/logs?functionId=${functionId}`)
      const { entries } = reply.json<{ entries: Awaited<ReturnType<Deployed['logs']>> }>()
      return entries.toReversed()
    },
  }
}
