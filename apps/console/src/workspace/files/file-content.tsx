import { FileText } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Desk } from '../desk/desk.ts'
import type { Content } from '../desk/state.ts'
import { attempt } from '../view/use-desk.ts'
import { fileWords as t } from './words.ts'

interface Props {
  desk: Desk
  content: Extract<Content, { kind: 'file' }>
}

/** A file that opens in a tab of its own; of a picture, the picture. */
export function FileContent({ desk, content: { caption, relativePath, fileType } }: Props) {
  const name = caption || relativePath.split('/').at(-1) || t.file
  const isPicture = /^image\/|^(jpe?g|png|gif|webp)$/i.test(fileType)

  async function open(): Promise<void> {
    // Opened before the address is there: browsers block windows that open later than the click.
    const tab = window.open('', '_blank')
    const isDone = await attempt(
      desk,
      desk.files.address(relativePath).then((address) => {
        if (!tab) return
        tab.opener = null
        tab.location.href = new URL(address, location.origin).href
      }),
    )
    if (!isDone) tab?.close()
  }

  return (
    <button type="button" className="file" onClick={() => void open()}>
      {isPicture ? (
        <Picture desk={desk} name={name} relativePath={relativePath} />
      ) : (
        <>
          <FileText aria-hidden size={16} />
          <span className="visually-hidden">{t.file}: </span>
          {name}
        </>
      )}
    </button>
  )
}

interface PictureProps {
  desk: Desk
  name: string
  relativePath: string
}

/** Asks for the picture when it is about to be seen: its address is good for a minute only. */
function Picture({ desk, name, relativePath }: PictureProps) {
  const [url, setUrl] = useState<string>()
  const [isBroken, setBroken] = useState(false)
  const place = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return
      observer.disconnect()
      desk.files.address(relativePath).then(setUrl, () => setBroken(true))
    })
    if (place.current) observer.observe(place.current)
    return () => observer.disconnect()
  }, [desk, relativePath])
  const text = t.picture(name)
  return (
    <span ref={place} className="picture">
      {url !== undefined && !isBroken ? (
        <img src={url} alt={text} onError={() => setBroken(true)} />
      ) : (
        text
      )}
    </span>
  )
}
