import type { BotWarning } from '@parley/contract'

/** Warnings and failures, of each so many: what is more is for nobody to read. */
const MAX_FINDINGS = 5_000

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
  tell(check.warnings, interaction, what)
}

export function count(check: BotCheck, kind: string, name: string): void {
  const names = (check.uses[kind] ??= Object.create(null) as Record<string, number>)
  names[name] = (names[name] ?? 0) + 1
}

export function fail(check: BotCheck, interaction: string, what: string): void {
  tell(check.failures, interaction, what)
}

function tell(findings: BotWarning[], interaction: string, what: string): void {
  if (findings.length < MAX_FINDINGS) findings.push({ interaction, what })
  else if (findings.length === MAX_FINDINGS) {
    const more = `has more than ${MAX_FINDINGS} findings: the rest is left out`
    findings.push({ interaction, what: more })
  }
}
