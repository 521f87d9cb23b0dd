/** A place in a file, counted from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What a scenario expected has not come, or a step was refused. */
export class ScenarioFailure extends Error {
  override name = 'ScenarioFailure'
  /** Absent in scenarios that are programs: their stack has it. */
  place: Place | undefined
}

export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}
