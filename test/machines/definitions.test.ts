/** What holds for every machine: Stately and our own drawings can show it, and its config is data that names its parts. */
import { describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { allMachines } from '../../src/charts/all-machines.ts';
import { chartOf } from '../../src/charts/chart.ts';
import { definitionOf } from '../../src/inspection/definition.ts';
import { findFaults } from './find-faults.ts';
import { readMachineFiles } from './machine-files.ts';

const files = await readMachineFiles();

test('the list of all machines is what the folder holds', () => {
  expect(allMachines).toEqual(files.map(({ machine }) => machine));
  expect(allMachines.map(({ id }) => id)).toEqual(expect.arrayContaining(['agent', 'supervisor', 'task']));
});

describe.each(files)('$name', ({ name, machine }) => {
  test('the id is the name of the file, so no two machines have the same', () => {
    expect(machine.id).toBe(name);
  });

  test('it can be shown as it is', () => {
    expect(findFaults(machine)).toEqual([]);
  });

  test('its definition says all there is to draw, and survives JSON', () => {
    const definition = JSON.parse(definitionOf(machine, machine.id));
    expect(definition).not.toHaveProperty('context');
    expect(chartOf(createMachine(definition))).toEqual(chartOf(machine));
  });
});
