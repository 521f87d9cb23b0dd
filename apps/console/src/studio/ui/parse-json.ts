type Parsed = { ok: true; value: unknown } | { ok: false; reason: string }

/** What was typed as JSON, or why it is none. */
export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}
