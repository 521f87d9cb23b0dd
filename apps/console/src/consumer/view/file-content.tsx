import { useEffect, useRef, useState } from 'preact/hooks'
import type { Content } from '../content.ts'
import { reasonOf } from '../notice.ts'
import { words } from '../words/index.ts'
import { Icon } from './icons.tsx'

export interface FileContentProps {
  content: Extract<Content, { kind: 'file' }>
  /** How much of it has been uploaded, from 0 to 1; `undefined` when all has. */
  progress: number | undefined
  /** Resolves to an address that is good for a minute. */
  address: (relativePath: string) => Promise<string>
}

export function FileContent({ content, progress, address }: FileContentProps) {
  const { caption, relativePath, fileType, localUrl } = content
  const [problem, setProblem] = useState('')
  const name = caption || relativePath.split('/').at(-1)
  const isImage = /^image\/|^(jpe?g|png|gif|webp)$/i.test(fileType)

  async function open(): Promise<void> {
    // Opened before the address is there: browsers block windows that open later than the click.
    const tab = window.open('', '_blank')
    try {
      const found = await address(relativePath)
      if (!tab) return
      tab.opener = null
      tab.location = found
    } catch (error) {
      tab?.close()
      setProblem(reasonOf(error))
    }
  }

  return (
    <div class="bubble file">
      <button
        type="button"
        class="plain"
        disabled={progress !== undefined || relativePath === ''}
        onClick={() => void open()}
      >
        {isImage ? (
          <Preview
            name={`${words.picture}: ${name}`}
            localUrl={localUrl}
            address={() => address(relativePath)}
          />
        ) : (
          <>
            <Icon name="file" />
            <span>
              <span class="visually-hidden">{words.file}: </span>
              {name}
            </span>
          </>
        )}
      </button>
      {progress !== undefined && (
        <progress aria-label={`${words.uploading}: ${name}`} max={1} value={progress} />
      )}
      {problem && <span role="alert">{problem}</span>}
    </div>
  )
}

interface PreviewProps {
  name: string
  localUrl: string | undefined
  address: () => Promise<string>
}

/** Asks for the picture when it is about to be seen: its address is good for a minute only. */
function Preview({ name, localUrl, address }: PreviewProps) {
  const [url, setUrl] = useState(localUrl)
  const [isBroken, setBroken] = useState(false)
  const place = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (url !== undefined || !place.current) return undefined
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return
      observer.disconnect()
      address().then(setUrl, () => setBroken(true))
    })
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  return (
    <span ref={place} class="preview">
      {url !== undefined && !isBroken ? (
        <img src={url} alt={name} onError={() => setBroken(true)} />
      ) : (
        name
      )}
    </span>
  )
}
