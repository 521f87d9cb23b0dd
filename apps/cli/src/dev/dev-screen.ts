import { relative } from 'node:path'
import type { LocalWorld } from '../local-world/open-local-world.ts'
import type { Deployed } from '../local-world/deploy-folder.ts'

/** How a function of the project stands: deployed, or why it is not. */
export type Standing = { name: string; deployed: Deployed } | { name: string; problem: string }

/** The list of what stands where, which `parley dev` begins with. */
export function worldText(world: LocalWorld, standings: Standing[], startedInMs: number): string {
  const { url, accountId, firstRun, folder = '', dataDir } = world
  const { admin, agents, skillIds } = firstRun
  const wide = Math.max(...standings.map(({ name }) => name.length), 0)
  const lines = [
    `Parley for ${folder} is ready after ${(startedInMs / 1000).toFixed(1)} s`,
    '',
    `  Console        ${url}/console`,
    `  Workspace      ${url}/workspace`,
    `  Consumer page  ${url}/consumer/${accountId}`,
    `  API            ${url}/api/v1`,
    `  Account        ${accountId}, skills ${skillIds.join(', ')}`,
    `  Administrator  ${admin.user} / ${admin.password}`,
    ...agents.map(({ user, password }) => `  Agent          ${user} / ${password}`),
    `  Mails          ${relative(folder, dataDir)}/mails`,
    `  Server's log   ${relative(folder, dataDir)}/server.log`,
    '',
    'Functions, deployed again when they are saved',
    ...standings.map((one) =>
      'problem' in one
        ? `  ${one.name.padEnd(wide)}  ${one.problem}`
        : `  ${one.name.padEnd(wide)}  ${deployedText(one.deployed)}`,
    ),
    '',
    'In another terminal, in this project: parley trigger, parley tail, parley logs. To stop: Ctrl-C',
    '',
  ]
  return `${lines.join('\n')}\n`
}

function deployedText({ version, eventId }: Deployed): string {
  return `version ${version}, ${eventId ?? 'no event'}`
}

/** A line of what `parley dev` itself does, between those of conversations. */
export function devLine(text: string): string {
  return `${new Date().toISOString().slice(11, 19)} dev       ${text}\n`
}

export function deployedLine({ name, version, eventId }: Deployed, tookMs: number): string {
  return devLine(
    `${name} reloaded in ${tookMs.toFixed(0)} ms: version ${version}, ${eventId ?? 'no event'}`,
  )
}
