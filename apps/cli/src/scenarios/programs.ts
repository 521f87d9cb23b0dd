import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import type { Play, Scenario } from './scenario.ts'
import { ScenarioText } from './schema.ts'

const API = pathToFileURL(join(import.meta.dirname, 'api.ts')).href

/** What a program gives by `export default`. */
const Program = z.object({
  name: z.string().min(1),
  account: ScenarioText.shape.account,
  play: z.custom<(play: Play) => Promise<void>>((value) => typeof value === 'function'),
})

let isKnown = false
let loads = 0

/** Programs import `parley/test`, wherever they stand. */
function knowApi(): void {
  if (isKnown) return
  isKnown = true
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'parley/test' ? { url: API, shortCircuit: true } : next(specifier, context),
  })
}

/**
 * Loads a file `*.scenario.ts` or `*.scenario.js`: its default export is a scenario, or a list of them.
 * @throws an `Error` that names the file and what is wrong
 */
export async function readProgram(path: string, shown: string): Promise<Scenario[]> {
  knowApi()
  loads += 1
  let loaded: { default?: unknown }
  try {
    // Changed files are loaded anew.
    loaded = (await import(`${pathToFileURL(path).href}?${loads}`)) as { default?: unknown }
  } catch (cause) {
    throw new Error(`${shown}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  const parsed = z.array(Program).min(1).safeParse([loaded.default].flat())
  if (parsed.success) return parsed.data.map((one) => ({ ...one, file: shown }))
  throw new Error(
    `${shown}: must have a scenario, or a list of them, as its default export: scenario('name', async ({ consumer, expect }) => { … })`,
  )
}
