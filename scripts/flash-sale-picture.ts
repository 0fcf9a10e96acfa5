/** Draws results/flash-sale/metrics.csv as an SVG that reads well on light and on dark pages. */

const WIDTH = 760
const LEFT = 64
const RIGHT = 24
const PLOT_WIDTH = WIDTH - LEFT - RIGHT
const HEIGHT = 430
const MINUTES = 30

interface Panel {
  readonly top: number
  readonly height: number
  readonly highest: number
  readonly step: number
  readonly title: string
}

const CONCURRENCY: Panel = {
  top: 62,
  height: 190,
  highest: 8_000,
  step: 2_000,
  title: 'Environments and requests in flight (highest of each minute)',
}
const THROTTLES: Panel = {
  top: 312,
  height: 80,
  highest: 40_000,
  step: 20_000,
  title: 'Throttled requests a minute',
}

/** Values by minute. */
type Series = readonly number[]

export function flashSalePicture(metricsCsv: string): string {
  const rows = metricsCsv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  const series = (metric: string, statistic: string): Series => {
    const values = rows
      .filter((row) => row[2] === 'function' && row[4] === metric && row[5] === statistic)
      .map((row) => Number(row[7]))
    if (values.length !== MINUTES) throw new RangeError(`${metric}: ${values.length} minutes`)
    return values
  }
  const environments = series('ExecutionEnvironments', 'maximum')
  const inFlight = series('ConcurrentExecutions', 'maximum')
  const throttles = series('Throttles', 'sum')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="A flash sale at minute 10 throttles ${Math.max(...throttles)} requests; the restock at minute 19 meets warm environments and throttles none.">`,
    STYLE,
    ...frame(CONCURRENCY),
    ...frame(THROTTLES),
    area(environments, CONCURRENCY),
    steps(environments, CONCURRENCY, 'environments'),
    steps(inFlight, CONCURRENCY, 'in-flight'),
    ...bars(throttles, THROTTLES),
    ...minuteLabels(),
    note(10, 'the sale opens'),
    note(19, 'the restock'),
    legend(LEFT, 'environments', 'execution environments'),
    legend(LEFT + 230, 'in-flight', 'requests in flight'),
    '</svg>',
    '',
  ].join('\n')
}

const STYLE = `<style>
  text { font: 13px system-ui, sans-serif; fill: #57606a }
  .title { font-weight: 600; fill: #24292f }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .note { stroke: #8c959f; stroke-width: 1; stroke-dasharray: 3 3 }
  .line { fill: none; stroke-width: 2 }
  .environments { stroke: #0969da } .area { fill: #0969da; opacity: 0.12 }
  .in-flight { stroke: #1a7f37 }
  .bar { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 } .title { fill: #f0f6fc } .grid { stroke: #3d444d }
    .environments { stroke: #4493f8 } .area { fill: #4493f8 } .in-flight { stroke: #3fb950 } .bar { fill: #f85149 }
  }
</style>`

function x(minute: number): number {
  return LEFT + (minute / MINUTES) * PLOT_WIDTH
}

function y(value: number, panel: Panel): number {
  return round(panel.top + panel.height * (1 - value / panel.highest))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function frame(panel: Panel): string[] {
  const parts = [`<text class="title" x="${LEFT}" y="${panel.top - 12}">${panel.title}</text>`]
  for (let value = 0; value <= panel.highest; value += panel.step) {
    const height = y(value, panel)
    parts.push(
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${height}" y2="${height}"/>`,
      `<text x="${LEFT - 8}" y="${height + 4}" text-anchor="end">${value.toLocaleString('en-US')}</text>`,
    )
  }
  return parts
}

/** Level within each minute: the value is one of the whole minute. */
function outline(values: Series, panel: Panel): string {
  return values
    .flatMap((value, minute) => [
      `${round(x(minute))},${y(value, panel)}`,
      `${round(x(minute + 1))},${y(value, panel)}`,
    ])
    .join(' ')
}

function steps(values: Series, panel: Panel, kind: string): string {
  return `<polyline class="line ${kind}" points="${outline(values, panel)}"/>`
}

function area(values: Series, panel: Panel): string {
  const floor = y(0, panel)
  return `<polygon class="area" points="${x(0)},${floor} ${outline(values, panel)} ${x(MINUTES)},${floor}"/>`
}

function bars(values: Series, panel: Panel): string[] {
  return values.flatMap((value, minute) => {
    if (value === 0) return []
    const top = y(value, panel)
    const left = round(x(minute) + 1)
    const width = round(PLOT_WIDTH / MINUTES - 2)
    return [
      `<rect class="bar" x="${left}" y="${top}" width="${width}" height="${round(y(0, panel) - top)}"/>`,
      `<text x="${round(left + width + 6)}" y="${top + 12}">${value.toLocaleString('en-US')} by the scaling rate</text>`,
    ]
  })
}

function minuteLabels(): string[] {
  const parts: string[] = []
  for (let minute = 0; minute <= MINUTES; minute += 5) {
    parts.push(
      `<text x="${round(x(minute))}" y="${HEIGHT - 18}" text-anchor="middle">${minute}</text>`,
    )
  }
  parts.push(`<text x="${WIDTH - RIGHT}" y="${HEIGHT - 2}" text-anchor="end">minutes</text>`)
  return parts
}

function note(minute: number, text: string): string {
  const at = round(x(minute))
  const bottom = THROTTLES.top + THROTTLES.height
  return [
    `<line class="note" x1="${at}" x2="${at}" y1="${CONCURRENCY.top}" y2="${bottom}"/>`,
    `<text x="${at - 6}" y="${CONCURRENCY.top + 14}" text-anchor="end">${text}</text>`,
  ].join('\n')
}

function legend(left: number, kind: string, text: string): string {
  return [
    `<line class="line ${kind}" x1="${left}" x2="${left + 24}" y1="20" y2="20"/>`,
    `<text x="${left + 32}" y="24">${text}</text>`,
  ].join('\n')
}
