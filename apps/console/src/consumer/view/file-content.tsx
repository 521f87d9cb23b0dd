import { useState } from 'preact/hooks'
import type { Content } from '../content.ts'
import { words } from './words.ts'

export interface FileContentProps {
  content: Extract<Content, { kind: 'file' }>
  /** Resolves to an address that is good for a minute. */
  address: (relativePath: string) => Promise<string>
}

export function FileContent({ content, address }: FileContentProps) {
  const { caption, relativePath } = content
  const [problem, setProblem] = useState('')

  async function open(): Promise<void> {
    try {
      window.open(await address(relativePath), '_blank', 'noopener')
    } catch (error) {
      setProblem(error instanceof Error ? error.message : words.failed)
    }
  }

  return (
    <p class="bubble">
      <button type="button" class="file" onClick={() => void open()}>
        {words.file}: {caption || relativePath.split('/').at(-1)}
      </button>
      {problem && <span role="alert">{problem}</span>}
    </p>
  )
}
