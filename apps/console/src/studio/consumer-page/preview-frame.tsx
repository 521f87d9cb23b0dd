import { useEffect, useRef } from 'react'
import { PREVIEW_READY, type PreviewScene } from '../../consumer/preview/scene.ts'

interface Props {
  accountId: string
  title: string
  /** Of the page in the frame. */
  language: string
  scene: Omit<PreviewScene, 'type'>
}

/** The consumer page itself, which shows what is not saved yet. */
export function PreviewFrame({ accountId, title, language, scene }: Props) {
  const frame = useRef<HTMLIFrameElement>(null)
  const told = JSON.stringify({ type: 'parley-preview', ...scene } satisfies PreviewScene)
  const latest = useRef(told)
  latest.current = told

  function tell(): void {
    frame.current?.contentWindow?.postMessage(JSON.parse(latest.current), location.origin)
  }
  useEffect(() => {
    function hear({ source, data }: MessageEvent<unknown>): void {
      const isReady =
        typeof data === 'object' && data !== null && 'type' in data && data.type === PREVIEW_READY
      if (isReady && source === frame.current?.contentWindow) tell()
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [])
  useEffect(tell, [told])

  return (
    <iframe
      key={language}
      ref={frame}
      className="consumer-frame"
      title={title}
      src={`/consumer/${encodeURIComponent(accountId)}?${new URLSearchParams({ preview: 'true', language })}`}
    />
  )
}
