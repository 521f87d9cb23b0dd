import type { Play } from './scenario.ts'
import type { ScenarioAccount } from './schema.ts'

// What `parley/test` is for programs.

/** A scenario as a program: `export default scenario('name', async ({ consumer, agent, wait, expect }) => { … })`. */
export function scenario(
  name: string,
  ...given: [play: (play: Play) => Promise<void>] | [ScenarioAccount, (play: Play) => Promise<void>]
): { name: string; account: ScenarioAccount | undefined; play: (play: Play) => Promise<void> } {
  const [first, second] = given
  if (typeof first === 'function') return { name, account: undefined, play: first }
  if (!second) throw new Error(`${name}: a scenario must have something to play`)
  return { name, account: first, play: second }
}
