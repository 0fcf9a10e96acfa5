import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { arrivalsOf, filesOf, MINUTE, open, SECOND } from '../support.ts'

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
}

/** The arrivals of a trace that holds `text`. */
function replay(text: string, yaml: object = {}, chunkSize?: number, durationUs?: number) {
  const files = filesOf({ 'trace.csv': text }, chunkSize)
  const process = open(
    { trace: 'trace.csv', ...yaml },
    { files, ...(durationUs === undefined ? {} : { durationUs }) },
  )
  return arrivalsOf(process)
}

function perMinute(times: readonly number[]): number[] {
  const counts: number[] = []
  for (const time of times) {
    const minute = Math.floor(time / MINUTE)
    while (counts.length <= minute) counts.push(0)
    counts[minute]!++
  }
  return counts
}

/** The file's own counts, column by column, read the plain way. */
function columnSums(text: string, isWanted: (line: string) => boolean): number[] {
  const rows = text.trim().split('\n').slice(1).filter(isWanted)
  const sums = new Array<number>(1440).fill(0)
  for (const row of rows) {
    for (const [minute, cell] of row.split(',').slice(4).entries()) sums[minute]! += Number(cell)
  }
  while (sums.at(-1) === 0) sums.pop()
  return sums
}

describe('a trace of Azure Functions 2019', () => {
  const text = fixture('azure-2019-invocations.csv')

  it('has in each minute the invocations of all its functions', async () => {
    const times = await replay(text)
    expect(times).toHaveLength(1150 + 3 * 1125)
    expect(perMinute(times)).toEqual(columnSums(text, () => true))
  })

  it('can be reduced to the rows that are selected', async () => {
    const trace = { file: 'trace.csv', select: { Trigger: 'timer' } }
    expect(perMinute(await replay(text, { trace }))).toEqual(
      columnSums(text, (line) => line.includes(',timer,')),
    )
  })

  it('refuses a row with a column too few', async () => {
    const broken = text.slice(0, text.lastIndexOf(','))
    await expect(replay(broken)).rejects.toThrow('trace.csv:5: 1443 columns instead of 1444')
  })

  it('refuses a count that is not one', async () => {
    const header = 'HashOwner,HashApp,HashFunction,Trigger,1,2\n'
    await expect(replay(`${header}a,b,c,http,1,2.5\n`)).rejects.toThrow(
      'trace.csv:2: the count of minute 2 2.5 is not a count: whole and not negative',
    )
    expect(await replay(`${header}a,b,c,http,0,2.0\n`)).toHaveLength(2)
  })
})

describe('a trace of Azure Functions 2021', () => {
  it('arrives at the end of each invocation less its duration', async () => {
    const times = await replay(fixture('azure-2021-sample-30.csv'))
    const seconds = [1, 2, ...Array.from({ length: 12 }, (_, index) => 12 + 10 * index)]
    const tenths = Array.from({ length: 15 }, (_, index) => 1_221 + index)
    expect(times).toEqual([
      ...seconds.map((second) => second * SECOND),
      ...tenths.map((tenth) => tenth * 100_000),
    ])
  })

  it('keeps the fractions of a second', async () => {
    const times = await replay(fixture('azure-2021-sample-200-head.csv'))
    expect(times).toHaveLength(59)
    expect(times.slice(0, 4)).toEqual([1_491, 3_860, 5_478, 16_541])
  })

  it('is put in order of arrival: rows come in order of their ends', async () => {
    const text = 'app,func,end_timestamp,duration\na,f,10,1\na,g,11,9\na,f,12,0.5\n'
    expect(await replay(text)).toEqual([2_000_000, 9_000_000, 11_500_000])
  })

  it('lets what began before the trace arrive at its start', async () => {
    expect(await replay('app,func,end_timestamp,duration\na,f,10,20\n')).toEqual([0])
  })

  it('names the line of a bad row', async () => {
    const text = 'app,func,end_timestamp,duration\na,f,10,1\n\na,f,11,soon\n'
    await expect(replay(text)).rejects.toThrow('trace.csv:4: duration "soon" is not a number')
    await expect(replay('app,func,end_timestamp,duration\na,f,10\n')).rejects.toThrow(
      'trace.csv:2: duration is missing',
    )
    await expect(replay('app,func,end_timestamp,duration\na,f,-1,1\n')).rejects.toThrow(
      'trace.csv:2: end_timestamp -1 is negative',
    )
  })
})

describe('a table of counts per minute', () => {
  it('stamps each minute at its end', async () => {
    const times = await replay(fixture('azure-week-per-minute-head.csv'))
    expect(times.map((time) => Math.floor(time / MINUTE))).toEqual([0, 120])
  })

  it('adds the rows of one minute up', async () => {
    const text = 'Timestamp [ms],Invocations,name\n60000,2,f\n60000,3,g\n180000,4,f\n'
    expect(perMinute(await replay(text))).toEqual([5, 0, 4])
    const trace = { file: 'trace.csv', select: { name: 'f' } }
    expect(perMinute(await replay(text, { trace }))).toEqual([2, 0, 4])
  })

  it('refuses rows that overlap', async () => {
    const text = 'Timestamp [ms],Invocations\n60000,2\n90000,3\n'
    await expect(replay(text)).rejects.toThrow(
      'trace.csv:3: Timestamp [ms] is less than a minute after that of the row before',
    )
  })
})

describe('counts per period', () => {
  it('fill the time up to the next row, and the last one as much as the one before', async () => {
    const times = await replay('time_s,count\n0,3\n10,0\n20,2\n25,1\n')
    expect(times).toHaveLength(6)
    expect(times.map((time) => (time < 10 * SECOND ? 0 : time < 25 * SECOND ? 20 : 25))).toEqual([
      0, 0, 0, 20, 20, 25,
    ])
    expect(times[3]).toBeGreaterThanOrEqual(20 * SECOND)
    expect(times[5]).toBeLessThanOrEqual(30 * SECOND)
  })

  it('may be given in milliseconds', async () => {
    const times = await replay('time_ms,count\n1000,1\n1001,1\n')
    expect(times.map((time) => Math.floor(time / 1_000))).toEqual([1_000, 1_001])
  })

  it('need a period whose length is known', async () => {
    await expect(replay('time_s,count\n0,3\n')).rejects.toThrow('one period alone has no length')
    await expect(replay('time_s,count\n5,3\n5,1\n')).rejects.toThrow(
      'trace.csv:3: time_s must be later than that of the row before',
    )
  })

  it('are spread like sorted uniform times: evenly on average', async () => {
    // The k-th of n is at k / (n + 1) on average, with variance k (n + 1 - k) / ((n+1)^2 (n+2)).
    const periods = 4_000
    const rows = Array.from({ length: periods }, (_, index) => `${index},3`)
    const times = await replay(`time_s,count\n${rows.join('\n')}\n`)
    for (const k of [1, 2, 3]) {
      let sum = 0
      for (let period = 0; period < periods; period++)
        sum += times[3 * period + k - 1]! / 1e6 - period
      const error = Math.sqrt((k * (4 - k)) / (16 * 5) / periods)
      expect(Math.abs(sum / periods - k / 4)).toBeLessThanOrEqual(4 * error)
    }
  })

  it('of a period do not depend on the periods before it', async () => {
    const one = await replay('time_s,count\n0,3\n10,5\n20,0\n')
    const other = await replay('time_s,count\n0,900\n10,5\n20,0\n')
    expect(other.slice(-5)).toEqual(one.slice(-5))
  })
})

describe('plain arrival times', () => {
  it('are seconds when there is no header', async () => {
    expect(await replay('0.5\n1\n2.25')).toEqual([500_000, 1_000_000, 2_250_000])
  })

  it('may be seconds or milliseconds, beside other columns, in any order, with CRLF and BOM', async () => {
    const text = '\uFEFFpath,time_ms\r\n"/a,b",2000\r\n/c,1.5\r\n'
    expect(await replay(text)).toEqual([1_500, 2_000_000])
    expect(await replay('time_s\n3\n1\n2\n')).toEqual([1_000_000, 2_000_000, 3_000_000])
  })

  it('may be dates, the first of which is time 0', async () => {
    const text = 'timestamp\n2026-03-02T08:00:00Z\n2026-03-02T09:00:01.5+01:00\n'
    expect(await replay(text)).toEqual([0, 1_500_000])
    expect(await replay('timestamp\n1772438400\n1772438400.25\n')).toEqual([0, 250_000])
  })

  it('may be dates with microseconds, and further digits do not count', async () => {
    const text = 'timestamp\n2026-03-02 08:00:00Z\n2026-03-02 03:30:00.1234569-04:30\n'
    expect(await replay(text)).toEqual([0, 123_456])
    expect(await replay('timestamp\n2026-03-02T08:00Z\n2026-03-02T08:01:00.5Z\n')).toEqual([
      0, 60_500_000,
    ])
  })

  it.each(['2026-02-30T08:00:00Z', '2026-03-02T25:00:00Z'])(
    'refuse %s, which does not exist and which engines may understand differently',
    async (text) => {
      await expect(replay(`timestamp\n${text}\n`)).rejects.toThrow(
        `trace.csv:2: timestamp "${text}" is not a date`,
      )
    },
  )

  it('refuse a date without its zone, which would depend on the machine', async () => {
    await expect(replay('timestamp\n2026-03-02T08:00:00\n')).rejects.toThrow(
      'trace.csv:2: timestamp "2026-03-02T08:00:00" is neither seconds nor a date with its zone',
    )
  })
})

describe('a trace', () => {
  const text = fixture('azure-2019-invocations.csv')

  it('is the same whatever the chunks it is read in', async () => {
    const whole = await replay(text)
    expect(await replay(text, {}, 7)).toEqual(whole)
    const quoted = 'path,time_s\n"line\nbreak",1\n"say ""a"", b",2\n'
    expect(await replay(quoted, {}, 1)).toEqual([1_000_000, 2_000_000])
  })

  it('may hold text in any script', async () => {
    const trace = { file: 'trace.csv', select: { städte: '東京' } }
    const cities = 'städte,time_s\nKöln,1\n東京,2\n'
    expect(await replay(cities, { trace }, 1)).toEqual([2_000_000])
  })

  it('is read no further than the end of the run', async () => {
    let chunksRead = 0
    const files = {
      readText: async () => '',
      async *readChunks() {
        yield new TextEncoder().encode('time_s,count\n')
        for (let second = 0; ; second++) {
          chunksRead++
          yield new TextEncoder().encode(`${second},2\n`)
        }
      },
    }
    const times = await arrivalsOf(open({ trace: 'endless' }, { files, durationUs: 10 * SECOND }))
    expect(times).toHaveLength(20)
    expect(chunksRead).toBeLessThanOrEqual(13)
  })

  it('of the wrong kind is refused with the kinds that are known', async () => {
    await expect(replay('colour,size\nred,1\n')).rejects.toThrow(
      'trace.csv: its first line "colour,size" is not the header of a known trace: known are azure-2019 (',
    )
    const trace = { file: 'trace.csv', format: 'azure-2021' }
    await expect(replay('time_s\n1\n', { trace })).rejects.toThrow(
      'is not the header of azure-2021 (app,func,end_timestamp,duration)',
    )
  })

  it('that is empty, or has no rows, is refused', async () => {
    await expect(replay('')).rejects.toThrow('trace.csv: the trace is empty')
    await expect(replay('time_s\n')).rejects.toThrow(
      'trace.csv: the trace has a header but no rows',
    )
  })

  it('that is no text is refused', async () => {
    await expect(replay('\u0000\u0001\u0002'.repeat(1_000_000))).rejects.toThrow(
      'trace.csv:1: a row of more than 1048576 bytes: this is not a CSV file',
    )
    await expect(replay('time_s\n1\n"2"3\n')).rejects.toThrow(
      'trace.csv:3: not a CSV row: its quotes do not match',
    )
  })

  it('explains a selection that cannot be made', async () => {
    const select = (wanted: object) => ({ trace: { file: 'trace.csv', select: wanted } })
    await expect(replay(text, select({ trigger: 'timer' }))).rejects.toThrow(
      'select names the column "trigger", which is not there (its columns: HashOwner, HashApp,',
    )
    await expect(replay(text, select({ Trigger: 'none' }))).rejects.toThrow(
      'trace.csv: no row has {"Trigger":"none"}, which select asks for',
    )
  })
})
