import type { BotWarning } from '@parley/contract'

/** What a bot uses, needs and misses. */
export interface BotCheck {
  /** What is not there, or answers nothing: the bot runs all the same. */
  warnings: BotWarning[]
  /** What Parley does not run. */
  failures: BotWarning[]
  /** Hosts of its HTTP integrations, each once. A host that holds variables is told as it is written. */
  hosts: string[]
  /** How often each thing is used, by its kind and name. */
  uses: Record<string, Record<string, number>>
}

export function warn(check: BotCheck, interaction: string, what: string): void {
  check.warnings.push({ interaction, what })
}

export function count(check: BotCheck, kind: string, name: string): void {
  const names = (check.uses[kind] ??= Object.create(null) as Record<string, number>)
  names[name] = (names[name] ?? 0) + 1
}

export function fail(check: BotCheck, interaction: string, what: string): void {
  check.failures.push({ interaction, what })
}
