import { Bell } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import type { Desk } from '../desk/desk.ts'
import { besideWords } from './words.ts'
import { ALERTS, alertsNow, keepAlerts, useAlertsKept } from './alerts.ts'

/** How the agent wants to be told of something new. Kept by the browser. */
export function AlertsMenu({ desk }: { desk: Desk }) {
  const kept = useAlertsKept()

  async function choose(chosen: ReadonlySet<unknown>): Promise<void> {
    const next = new Set(ALERTS.filter((alert) => chosen.has(alert)))
    const asks = next.has('notification') && !alertsNow().has('notification')
    if (asks && (await Notification.requestPermission()) !== 'granted') {
      next.delete('notification')
      desk.fail(new Error(besideWords.alerts.refused))
    }
    keepAlerts(next)
  }

  return (
    <MenuTrigger>
      <Button className="button quiet" aria-label={besideWords.alerts.menu}>
        <Bell aria-hidden size={18} />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="list-box"
          selectionMode="multiple"
          selectedKeys={kept}
          onSelectionChange={(keys) => void choose(keys === 'all' ? new Set(ALERTS) : keys)}
        >
          {ALERTS.map((alert) => (
            <MenuItem key={alert} id={alert}>
              {besideWords.alerts[alert]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
