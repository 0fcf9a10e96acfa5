import { describe, expect, test } from 'vitest'
import { csvHeader } from '../../src/report/csv.ts'
import { METRICS_COLUMNS, MetricsCsv } from '../../src/report/metrics-csv.ts'
import { row } from './fixtures.ts'

describe('metrics.csv', () => {
  test('has these columns', () => {
    expect(csvHeader(METRICS_COLUMNS)).toBe(
      'replication,time_s,scope,name,metric,statistic,unit,value\n',
    )
  })

  test('has a line per row, so that batches can follow each other', () => {
    const invocations = { ...row('function', 'api', 'Invocations', 'sum', 1_200), replication: 0 }
    const duration = { ...row('function', 'api', 'Duration', 'p99', 40.25), replication: 1 }
    expect(
      new MetricsCsv().lines([
        { ...invocations, timeSeconds: 0 },
        { ...duration, timeSeconds: 60.5 },
      ]),
    ).toBe(
      '0,0,function,api,Invocations,sum,count,1200\n1,60.5,function,api,Duration,p99,ms,40.25\n',
    )
    expect(new MetricsCsv().lines([])).toBe('')
  })

  test('tells rows apart by each of their names', () => {
    const csv = new MetricsCsv()
    const rows = [
      row('function', 'api', 'Invocations', 'sum', 1),
      row('function', 'api', 'Errors', 'sum', 2),
      row('function', 'api', 'Errors', 'share', 0.5),
      row('function', 'worker', 'Errors', 'sum', 3),
      row('queue', 'api', 'Errors', 'sum', 4),
    ].map((each) => ({ ...each, replication: 0, timeSeconds: 0 }))
    const lines = rows.map(
      ({ scope, name, metric, statistic, unit, value }) =>
        `0,0,${scope},${name},${metric},${statistic},${unit},${value}\n`,
    )
    expect(csv.lines(rows)).toBe(lines.join(''))
    expect(csv.lines([...rows].reverse())).toBe(lines.reverse().join(''))
  })
})
