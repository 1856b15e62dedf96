"""Framework-free shape laws and the faults they return; imports only dims."""
