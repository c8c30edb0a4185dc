package main

const consumeName = "Spillway Consume"
