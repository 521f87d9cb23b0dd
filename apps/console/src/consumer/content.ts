/** What a message shows. The server has checked it against the schema of structured content. */
export type Content =
  | { kind: 'text'; text: string }
  | {
      kind: 'file'
      caption: string
      relativePath: string
      fileType: string
      /** Of a file that this browser sends: it need not be downloaded. */
      localUrl?: string | undefined
    }
  | { kind: 'rich'; root: RichElement }

export interface RichAction {
  type: 'link' | 'navigate' | 'publishText'
  name?: string
  uri?: string
  text?: string
  lo?: number
  la?: number
}

export interface Click {
  actions?: RichAction[]
  metadata?: object[]
}

export interface RichElement {
  type: string
  elements?: RichElement[]
  text?: string
  title?: string
  tooltip?: string
  url?: string
  caption?: string
  style?: { bold?: boolean; italic?: boolean; size?: string }
  click?: Click
}

/** A button under a message that answers it. */
export interface QuickReply {
  title: string
  tooltip?: string
  click: Click
}

export interface WireEvent {
  type: string
  contentType?: string
  message?: unknown
  content?: RichElement
  quickReplies?: { replies?: QuickReply[] }
}

/** The content of an event of the messaging protocol; `undefined` for what is not shown as a message. */
export function contentOf(event: WireEvent): Content | undefined {
  if (event.type === 'RichContentEvent' && event.content)
    return { kind: 'rich', root: event.content }
  if (event.type !== 'ContentEvent') return undefined
  if (event.contentType === 'hosted/file') {
    const {
      caption = '',
      relativePath,
      fileType = '',
    } = event.message as {
      caption?: string
      relativePath: string
      fileType?: string
    }
    return { kind: 'file', caption, relativePath, fileType }
  }
  return { kind: 'text', text: typeof event.message === 'string' ? event.message : '' }
}

export function quickRepliesOf(event: WireEvent): QuickReply[] {
  return event.quickReplies?.replies ?? []
}

export function textEvent(text: string): WireEvent {
  return { type: 'ContentEvent', contentType: 'text/plain', message: text }
}
