import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../torture/checks/check-history.js';
import { HistoryBuilder } from './history-builder.js';

function anomalies(history: HistoryBuilder): string[] {
  const found = checkHistory(history.build(), history.final(), { signalLimit: undefined });
  return found.map(({ name }) => name);
}

describe('a history', () => {
  test('is accepted when the audit and what was told are one story', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.change('a1', { from: 10, by: 5 }).told('a1', 15));
    history.transaction('b', (t) => t.change('b1', { from: 15, by: 500 }), 'fail', {
      error: 'CHECK',
    });
    history.transaction('b', (t) => t.change('b2', { from: 15, by: 1, claims: true }), 'fail', {
      error: 'DUPLICATE_ENTITY',
    });
    history.transaction('c', (t) =>
      t
        .change('c1', { from: 15, by: 500 })
        .undo('c1')
        .change('c2', { from: 15, by: 1 })
        .told('c2', 16),
    );
    history.transaction('d', (t) => t.change('d1', { from: 16, by: 1 }), 'unknown');
    history.transaction('e', (t) => t.change('e1', { from: null, by: 33 }).told('e1', 51));
    history.audit([
      ['a1', 10, 15],
      ['c2', 15, 16],
      ['d1', 16, 17],
      // 50, corrected by the trigger.
      ['e1', 17, 51],
    ]);
    expect(anomalies(history)).toEqual([]);
  });

  test('is accepted when an update tells what its own transaction wrote right behind it', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) =>
      t.change('a1', { from: 10, by: 5 }).change('a2', { from: null, by: 1 }).told('a1', 16),
    );
    history.audit([
      ['a1', 10, 15],
      ['a2', 15, 16],
    ]);
    expect(anomalies(history)).toEqual([]);
  });
});

describe('a planted anomaly is found, by its name', () => {
  /** One acknowledged change from 10 to 15. */
  const acknowledged = (): HistoryBuilder => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.change('a1', { from: 10, by: 5 }).told('a1', 15));
    return history;
  };

  test('lost update: what was acknowledged is not in the audit', () => {
    const history = acknowledged();
    history.transaction('b', (t) => t.change('b1', { from: 10, by: 6 }).told('b1', 16));
    history.audit([['b1', 10, 16]]);
    expect(anomalies(history)).toEqual(['lost update']);
  });

  test('lost update: computed from what was no longer there', () => {
    const history = acknowledged();
    history.transaction('b', (t) => t.change('b1', { from: 10, by: 6 }));
    history.audit([
      ['a1', 10, 15],
      ['b1', 15, 16],
    ]);
    expect(anomalies(history)).toContain('lost update');
  });

  test('lost update: the audit ends otherwise than the table', () => {
    const history = acknowledged();
    const slot = { shelf: 'h', amount: 10, label: null, counted: 0, entries: 0 };
    history.audit([['a1', 10, 15]], { slots: new Map([['s', slot]]) });
    expect(anomalies(history)).toEqual(['lost update']);
  });

  test('duplicate write', () => {
    const history = acknowledged();
    history.audit([
      ['a1', 10, 15],
      ['a1', 15, 20],
    ]);
    expect(anomalies(history)).toContain('duplicate write');
  });

  test('phantom write', () => {
    const history = acknowledged();
    history.audit([
      ['a1', 10, 15],
      ['z1', 15, 20],
    ]);
    expect(anomalies(history)).toEqual(['phantom write']);
  });

  test.each(['failed', 'was undone'])('aborted write: a change that %s is in the audit', (why) => {
    const history = acknowledged();
    if (why === 'failed') history.transaction('b', (t) => t.change('b1', { by: 1 }), 'fail');
    else history.transaction('b', (t) => t.change('b1', { by: 1 }).undo('b1'));
    history.audit([
      ['a1', 10, 15],
      ['b1', 15, 16],
    ]);
    expect(anomalies(history)).toEqual(['aborted write (G1a)']);
  });

  test('incompatible order', () => {
    const history = acknowledged();
    history.transaction('b', (t) => t.change('b1', { from: 16, by: 1 }));
    history.audit([
      ['a1', 10, 15],
      ['b1', 16, 17],
    ]);
    expect(anomalies(history)).toEqual(['incompatible order']);
  });

  test.each([
    ['what was told', 16, 15],
    ['what was written', 15, 16],
  ])('wrong result: other than %s', (_, told, after) => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.change('a1', { from: 10, by: 5 }).told('a1', told));
    history.audit([['a1', 10, after]]);
    expect(anomalies(history)).toContain('wrong result');
  });

  test('constraint not kept', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.change('a1', { from: 10, by: 500 }));
    history.audit([['a1', 10, 510]]);
    expect(anomalies(history)).toEqual(['constraint not kept']);
  });

  test.each(['CHECK', 'DUPLICATE_ENTITY'])('refused for another: %s', (error) => {
    const history = acknowledged();
    history.transaction('b', (t) => t.change('b1', { from: 15, by: 1 }), 'fail', { error });
    history.audit([['a1', 10, 15]]);
    expect(anomalies(history)).toEqual(['refused for another']);
  });

  test.each([
    ['slots', { slots: 2, changes: 2 }, 0],
    ['changes', { slots: 1, changes: 1 }, 0],
    ['entries', { slots: 1, changes: 2 }, 1],
  ])('counter wrong: %s', (_, shelf, counted) => {
    const history = acknowledged();
    const slot = { shelf: 'h', amount: 15, label: null, counted, entries: 0 };
    history.audit([['a1', 10, 15]], {
      slots: new Map([['s', slot]]),
      shelves: new Map([['h', shelf]]),
    });
    expect(anomalies(history)).toEqual(['counter wrong']);
  });

  test('duplicate member: a label that two slots have', () => {
    const history = new HistoryBuilder();
    const slot = { shelf: 'h', amount: 15, label: 'red', counted: 0, entries: 0 };
    history.audit([], {
      audit: [],
      slots: new Map([
        ['s', slot],
        ['t', slot],
      ]),
      shelves: new Map(),
    });
    expect(anomalies(history)).toContain('duplicate member');
  });

  test('work after a rollback', () => {
    const history = new HistoryBuilder();
    history.transaction('a', (t) => t.change('a1', { by: 1 }), 'ok', { kind: 'left behind' });
    history.audit([['a1', 10, 11]]);
    expect(anomalies(history)).toEqual(['aborted write (G1a)', 'work after a rollback']);
  });
});
