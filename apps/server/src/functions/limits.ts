/** The account's limits that this room enforces; `null` means unlimited. */
export interface Limits {
  codeCharacters: number
  environmentVariables: number
  environmentNameCharacters: number
  environmentValueCharacters: number
  skillsPerFunction: number
  functions: number | null
  deployedFunctions: number | null
  keptVersions: number | null
  keptDeployments: number | null
  secretNameCharacters: number
  secretValueCharacters: number
  schedules: number
  schedulePayloadCharacters: number
}
