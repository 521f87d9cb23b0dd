import type { MailForm } from '#identity/settings'
import type { TranscriptChat } from './transcript-chat.ts'
import { headLines, type TranscriptLine, transcriptLine } from './transcript-lines.ts'
import { transcriptWords } from './words.ts'

const CELL = 'style="padding:4px 12px 4px 0;vertical-align:top"'
const QUIET = 'style="padding:4px 12px 4px 0;vertical-align:top;color:#595959"'

export function renderHtml(chat: TranscriptChat, form: MailForm): string {
  const t = transcriptWords[form.language]
  const lastAt = Date.parse(chat.entries.at(-1)?.at ?? '') || chat.startedAt
  // Two where clocks have changed in between.
  const zones = new Set([chat.startedAt, lastAt].map(form.zoneAt))
  const heads = [t.time([...zones].join(', ')), t.who, t.text].map(
    (head) => `<th scope="col" align="left" ${CELL}>${head}</th>`,
  )
  const head = headLines(chat, form).map(
    ({ label, value }) =>
      `<tr><th scope="row" align="left" ${CELL}>${label}</th><td ${CELL}>${html(value)}</td></tr>`,
  )
  const lines = chat.entries.map((entry) => htmlLine(transcriptLine(entry, form)))
  return [
    '<!doctype html>',
    `<html lang="${form.language}">`,
    `<head><meta charset="utf-8"><title>${t.title}</title></head>`,
    '<body style="font-family:sans-serif;font-size:14px;color:#1a1a1a">',
    `<h1 style="font-size:18px">${t.title}</h1>`,
    '<table role="presentation" cellspacing="0" cellpadding="0">',
    ...head,
    '</table>',
    '<table cellspacing="0" cellpadding="0" style="margin-top:16px">',
    `<tr>${heads.join('')}</tr>`,
    ...lines,
    '</table>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function htmlLine({ at, who, text }: TranscriptLine): string {
  if (who === undefined) {
    return `<tr><td ${QUIET}>${at}</td><td ${QUIET} colspan="2">${html(text)}</td></tr>`
  }
  return `<tr><td ${QUIET}>${at}</td><td ${CELL}><strong>${html(who)}</strong></td><td ${CELL}>${html(text)}</td></tr>`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Isolated, so that text written from right to left does not change the direction of the text around it. */
function html(text: string): string {
  const escaped = text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
  return `<bdi>${escaped.replaceAll('\n', '<br>')}</bdi>`
}
